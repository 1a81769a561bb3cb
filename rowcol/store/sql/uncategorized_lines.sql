SELECT t.business_id, t.entity, t.qbo_id, t.doc_number, t.txn_date, t.due_date, t.party_kind, t.party_id, t.party_name,
    l.line_number, coalesce(l.home_cents, 0) AS home_cents, a.name AS account_name, a.account_type, o.as_of IS NOT NULL AS open
FROM {balances} a
JOIN {lines} l ON l.business_id = a.business_id AND l.account_id = a.qbo_id
JOIN {transactions} t
    ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
LEFT JOIN opened_at o ON o.business_id = t.business_id AND o.entity = t.entity AND o.qbo_id = t.qbo_id
WHERE regexp_matches(upper(a.name), 'UNCATEGORI|ACCOUNTANT|SUSPENSE') AND NOT t.voided
    AND (t.txn_date >= $since OR o.as_of IS NOT NULL)
ORDER BY t.business_id, t.entity, t.qbo_id, l.line_number
