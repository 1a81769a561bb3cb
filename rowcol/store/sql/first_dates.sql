SELECT t.business_id, min(t.txn_date) AS first_date FROM {transactions} t
WHERE t.txn_date IS NOT NULL GROUP BY t.business_id ORDER BY t.business_id
