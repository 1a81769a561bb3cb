SELECT t.business_id, t.currency, t.txn_date,
    arg_max(t.exchange_rate, (coalesce(t.updated_at, TIMESTAMP '1970-01-01'), t.entity, t.qbo_id)) AS exchange_rate
FROM {transactions} t
WHERE t.exchange_rate IS NOT NULL AND t.currency IS NOT NULL AND t.txn_date IS NOT NULL
GROUP BY t.business_id, t.currency, t.txn_date ORDER BY t.business_id, t.currency, t.txn_date
