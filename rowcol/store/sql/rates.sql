SELECT t.business_id, t.currency, t.txn_date,
    arg_max(t.exchange_rate, (coalesce(t.updated_at, TIMESTAMP '1970-01-01'), t.entity, t.qbo_id)) AS exchange_rate,
    FALSE AS quoted
FROM {transactions} t
WHERE t.exchange_rate IS NOT NULL AND t.currency IS NOT NULL AND t.txn_date IS NOT NULL
GROUP BY t.business_id, t.currency, t.txn_date
UNION ALL
SELECT r.business_id, r.currency, r.rate_date, r.exchange_rate, TRUE
FROM {exchange_rates} r
WHERE r.exchange_rate IS NOT NULL AND r.currency IS NOT NULL AND r.rate_date IS NOT NULL
ORDER BY business_id, currency, txn_date, quoted
