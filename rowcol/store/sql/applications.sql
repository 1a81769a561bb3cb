WITH linked AS (
    SELECT l.* FROM {lines} l
    WHERE l.entity IN ('BillPayment', 'Payment')
), paid AS (
    SELECT l.business_id, l.entity, l.qbo_id, sum(l.amount_cents) AS linked_cents,
        count(*) FILTER (l.linked_type IS DISTINCT FROM 'Bill') AS elsewhere
    FROM linked l WHERE l.entity = 'BillPayment' GROUP BY l.business_id, l.entity, l.qbo_id
), payers AS (
    SELECT t.business_id, t.entity, t.qbo_id, t.party_kind, t.party_id, t.currency, CASE t.entity
        WHEN 'Payment' THEN t.unapplied_cents IS NULL
        ELSE p.elsewhere > 0 OR t.amount_cents IS DISTINCT FROM p.linked_cents END AS every_line
    FROM {transactions} t LEFT JOIN paid p ON p.business_id = t.business_id AND p.entity = t.entity AND p.qbo_id = t.qbo_id
    WHERE t.entity IN ('BillPayment', 'Payment') AND NOT t.voided
)
SELECT l.business_id, l.entity, l.qbo_id, l.line_number, p.party_kind, p.party_id, p.currency, coalesce(l.amount_cents, 0) AS amount_cents,
    l.linked_type, l.linked_id, l.linked_line_id
FROM linked l JOIN payers p ON p.business_id = l.business_id AND p.entity = l.entity AND p.qbo_id = l.qbo_id
WHERE l.linked_id IS NOT NULL
    AND (p.every_line OR l.linked_type <> CASE l.entity WHEN 'Payment' THEN 'Invoice' ELSE 'Bill' END)
ORDER BY l.business_id, l.entity, l.qbo_id, l.line_number
