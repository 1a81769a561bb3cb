WITH dated_later AS (
    SELECT d.business_id, d.entity, d.qbo_id FROM {transactions} d WHERE d.txn_date > $day
), joining AS (
    SELECT l.business_id, l.entity, l.qbo_id FROM payment_lines l WHERE l.paid_on > $day
    UNION
    SELECT l.business_id, l.entity, l.qbo_id FROM payment_lines l
    SEMI JOIN dated_later d ON d.business_id = l.business_id AND d.entity = l.linked_entity AND d.qbo_id = l.linked_id
)
SELECT l.*, j.qbo_id IS NOT NULL AS later FROM payment_lines l
LEFT JOIN joining j ON j.business_id = l.business_id AND j.entity = l.entity AND j.qbo_id = l.qbo_id
LEFT JOIN payments_to_apply u ON u.business_id = l.business_id AND u.entity = l.entity AND u.qbo_id = l.qbo_id
WHERE j.qbo_id IS NOT NULL OR u.qbo_id IS NOT NULL
