WITH joining AS (
    SELECT DISTINCT l.business_id, l.entity, l.qbo_id FROM payment_lines l
    WHERE l.paid_on > $day OR (l.linked_on > $day AND l.linked_id IS NOT NULL)
)
SELECT l.*, j.qbo_id IS NOT NULL AS later FROM payment_lines l
LEFT JOIN joining j ON j.business_id = l.business_id AND j.entity = l.entity AND j.qbo_id = l.qbo_id
LEFT JOIN payments_to_apply u ON u.business_id = l.business_id AND u.entity = l.entity AND u.qbo_id = l.qbo_id
WHERE NOT l.voided AND (j.qbo_id IS NOT NULL OR u.qbo_id IS NOT NULL)
