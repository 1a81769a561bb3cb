WITH undecided AS (
    SELECT a.business_id, a.qbo_id, a.name, a.account_type FROM {balances} a
    WHERE regexp_matches(upper(a.name), 'UNCATEGORI|ACCOUNTANT|SUSPENSE')
), coded AS (
    -- A semi join first: few lines are left, whatever is joined to them then.
    SELECT l.business_id, l.entity, l.qbo_id, l.line_number, l.home_cents, l.account_id FROM {lines} l
    SEMI JOIN undecided a ON a.business_id = l.business_id AND a.qbo_id = l.account_id
)
SELECT t.business_id, t.entity, t.qbo_id, t.doc_number, t.txn_date, t.due_date, t.party_kind, t.party_id, t.party_name,
    c.line_number, coalesce(c.home_cents, 0) AS home_cents, a.name AS account_name, a.account_type, o.as_of IS NOT NULL AS open
FROM coded c
JOIN undecided a ON a.business_id = c.business_id AND a.qbo_id = c.account_id
JOIN {transactions} t ON t.business_id = c.business_id AND t.entity = c.entity AND t.qbo_id = c.qbo_id
LEFT JOIN opened_at o ON o.business_id = c.business_id AND o.entity = c.entity AND o.qbo_id = c.qbo_id
WHERE NOT t.voided AND (t.txn_date >= $since OR o.as_of IS NOT NULL)
ORDER BY t.business_id, t.entity, t.qbo_id, c.line_number
