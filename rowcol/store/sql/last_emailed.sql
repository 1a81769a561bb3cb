WITH known AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($days::DATE[]) AS as_of)
SELECT t.business_id, max(coalesce(CAST(t.delivered_at AS DATE), t.txn_date)) AS emailed_on
FROM {transactions} t JOIN known k ON k.business_id = t.business_id
WHERE t.entity = 'Invoice' AND NOT t.voided AND t.email_status = 'EmailSent'
    AND coalesce(CAST(t.delivered_at AS DATE), t.txn_date) <= k.as_of
GROUP BY t.business_id ORDER BY t.business_id
