SELECT l.business_id, l.qbo_id, l.account_id, CAST(sum(l.home_cents) AS BIGINT) AS home_cents
FROM {lines} l
JOIN {transactions} t ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
JOIN {balances} a ON a.business_id = l.business_id AND a.qbo_id = l.account_id
WHERE l.entity = 'Bill' AND l.home_cents IS NOT NULL AND NOT t.voided AND coalesce(t.due_date, t.txn_date) >= $since
    AND a.account_type NOT IN ('Income', 'Other Income', 'Expense', 'Other Expense', 'Cost of Goods Sold')
GROUP BY l.business_id, l.qbo_id, l.account_id
ORDER BY l.business_id, l.qbo_id, l.account_id
