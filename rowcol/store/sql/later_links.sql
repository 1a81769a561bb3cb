WITH later AS (
    SELECT t.business_id, t.entity, t.qbo_id FROM {transactions} t WHERE t.txn_date > $day
), links AS (
    SELECT l.business_id, l.entity, l.qbo_id, l.linked_id,
        coalesce(list_extract($names::VARCHAR[], list_position($aliases::VARCHAR[], l.linked_type)), l.linked_type) AS linked_entity
    FROM {lines} l WHERE l.entity IN ('BillPayment', 'Payment') AND l.linked_id IS NOT NULL
), joining AS (
    SELECT d.business_id, d.entity, d.qbo_id FROM later d WHERE d.entity IN ('BillPayment', 'Payment')
    UNION
    SELECT k.business_id, k.entity, k.qbo_id FROM links k
    SEMI JOIN later d ON d.business_id = k.business_id AND d.entity = k.linked_entity AND d.qbo_id = k.linked_id
)
SELECT j.business_id, j.entity, j.qbo_id, k.linked_entity, k.linked_id
FROM joining j LEFT JOIN links k ON k.business_id = j.business_id AND k.entity = j.entity AND k.qbo_id = j.qbo_id
