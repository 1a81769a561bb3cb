WITH unstated AS (
    SELECT d.business_id, d.entity, d.qbo_id FROM {transactions} d
    WHERE d.entity IN ('Bill', 'Invoice', 'VendorCredit', 'CreditMemo') AND d.balance_cents IS NULL
), payments AS (
    SELECT l.business_id, l.entity, l.qbo_id,
        l.linked_entity IS DISTINCT FROM CASE l.entity WHEN 'Payment' THEN 'Invoice' ELSE 'Bill' END AS mixed
    FROM payment_lines l WHERE mixed OR (l.entity = 'Payment' AND l.unapplied_cents IS NULL)
    UNION ALL
    SELECT l.business_id, l.entity, l.qbo_id, FALSE FROM payment_lines l
    WHERE l.entity = 'BillPayment' GROUP BY l.business_id, l.entity, l.qbo_id
    HAVING sum(l.amount_cents) IS DISTINCT FROM any_value(l.paid_cents)
    UNION ALL
    SELECT l.business_id, l.entity, l.qbo_id, FALSE FROM payment_lines l
    SEMI JOIN unstated d ON d.business_id = l.business_id AND d.entity = l.linked_entity AND d.qbo_id = l.linked_id
)
SELECT p.business_id, p.entity, p.qbo_id, bool_or(p.mixed) AS mixed FROM payments p
GROUP BY p.business_id, p.entity, p.qbo_id
