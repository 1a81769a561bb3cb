SELECT l.business_id, l.entity, l.qbo_id,
    count(*) FILTER (l.linked_entity IS DISTINCT FROM CASE l.entity WHEN 'Payment' THEN 'Invoice' ELSE 'Bill' END) > 0 AS mixed,
    coalesce(bool_or(l.unstated), FALSE) AS unstated
FROM payment_lines l WHERE NOT l.voided GROUP BY l.business_id, l.entity, l.qbo_id
HAVING mixed OR unstated OR CASE l.entity
    WHEN 'Payment' THEN count(l.unapplied_cents) = 0 ELSE sum(l.amount_cents) IS DISTINCT FROM any_value(l.paid_cents) END
