SELECT t.business_id, t.entity, t.qbo_id, t.doc_number, t.txn_date, t.due_date, t.balance_cents, t.party_kind, t.party_id,
    t.party_name, l.line_number, coalesce(l.home_cents, 0) AS home_cents, a.name AS account_name
FROM {balances} a
JOIN {lines} l ON l.business_id = a.business_id AND l.account_id = a.qbo_id
JOIN {transactions} t
    ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
WHERE regexp_matches(upper(a.name), 'UNCATEGORI|ACCOUNTANT|SUSPENSE') AND NOT t.voided
    AND (t.txn_date >= $since OR (t.entity = 'Bill' AND t.balance_cents > 0))
ORDER BY t.business_id, t.entity, t.qbo_id, l.line_number
