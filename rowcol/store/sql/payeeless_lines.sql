SELECT t.business_id, t.entity, t.qbo_id, t.doc_number, t.txn_date, t.total_cents, t.credit, l.line_number,
    coalesce(l.amount_cents, 0) AS amount_cents, a.name AS account_name, a.account_type AS line_account_type,
    a.account_sub_type, f.account_type
FROM {transactions} t
LEFT JOIN {lines} l
    ON l.business_id = t.business_id AND l.entity = t.entity AND l.qbo_id = t.qbo_id
LEFT JOIN {balances} a
    ON a.business_id = l.business_id AND a.qbo_id = l.account_id
LEFT JOIN {balances} f
    ON f.business_id = t.business_id AND f.qbo_id = t.account_id
WHERE t.entity = 'Purchase' AND NOT t.voided AND t.party_id IS NULL AND t.txn_date >= $since
ORDER BY t.business_id, t.qbo_id, l.line_number
