SELECT t.business_id, count(*) AS documents
FROM {transactions} t
WHERE t.advisor_id = $advisor_id AND ($everyone OR t.business_id IN (SELECT unnest($ids::VARCHAR[]))) AND NOT t.voided
    AND t.txn_date >= $since
GROUP BY t.business_id ORDER BY t.business_id
