SELECT t.business_id, max(coalesce(CAST(t.delivered_at AS DATE), t.txn_date)) AS emailed_on
FROM {transactions} t
WHERE t.entity = 'Invoice' AND NOT t.voided AND t.email_status = 'EmailSent'
    AND coalesce(CAST(t.delivered_at AS DATE), t.txn_date) <= $until
GROUP BY t.business_id ORDER BY t.business_id
