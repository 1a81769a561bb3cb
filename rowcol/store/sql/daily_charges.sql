SELECT t.business_id, t.entity, t.txn_date, sum(t.total_cents)::BIGINT AS total_cents
FROM {transactions} t
WHERE t.entity IN ('Bill', 'Invoice', 'CreditMemo') AND NOT t.voided AND t.txn_date >= $since AND t.total_cents IS NOT NULL
GROUP BY t.business_id, t.entity, t.txn_date ORDER BY t.business_id, t.entity, t.txn_date
