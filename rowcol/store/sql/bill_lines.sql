WITH special AS (
    SELECT a.business_id, a.qbo_id FROM {balances} a
    WHERE a.account_type NOT IN ('Income', 'Other Income', 'Expense', 'Other Expense', 'Cost of Goods Sold')
), coded AS (
    -- A semi join first: few lines are left, whatever is joined to them then.
    SELECT l.business_id, l.qbo_id, l.account_id, l.home_cents FROM {lines} l
    SEMI JOIN special a ON a.business_id = l.business_id AND a.qbo_id = l.account_id
    WHERE l.entity = 'Bill' AND l.home_cents IS NOT NULL
)
SELECT c.business_id, c.qbo_id, c.account_id, CAST(sum(c.home_cents) AS BIGINT) AS home_cents
FROM coded c JOIN {transactions} t ON t.business_id = c.business_id AND t.qbo_id = c.qbo_id
WHERE t.entity = 'Bill' AND NOT t.voided AND coalesce(t.due_date, t.txn_date) >= $since
GROUP BY c.business_id, c.qbo_id, c.account_id
ORDER BY c.business_id, c.qbo_id, c.account_id
