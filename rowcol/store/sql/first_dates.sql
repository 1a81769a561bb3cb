SELECT t.business_id, min(t.txn_date) AS first_date FROM {transactions} t
WHERE t.advisor_id = $advisor_id AND ($everyone OR t.business_id IN (SELECT unnest($ids::VARCHAR[]))) AND t.txn_date IS NOT NULL GROUP BY t.business_id ORDER BY t.business_id
