SELECT t.business_id, count(*) AS documents
FROM {transactions} t
WHERE NOT t.voided
    AND t.txn_date >= $since
GROUP BY t.business_id ORDER BY t.business_id
