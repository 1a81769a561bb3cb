SELECT l.business_id, l.entity, l.qbo_id, l.line_number, coalesce(l.amount_cents, 0) AS amount_cents, l.linked_id,
    CASE WHEN l.linked_type IN ('Bill', 'Invoice') THEN l.linked_type
    ELSE coalesce(list_extract($names::VARCHAR[], list_position($aliases::VARCHAR[], l.linked_type)), l.linked_type)
    END AS linked_entity,
    p.txn_date AS paid_on, p.amount_cents AS paid_cents, p.unapplied_cents, p.account_id
FROM {lines} l JOIN {transactions} p ON p.business_id = l.business_id AND p.entity = l.entity AND p.qbo_id = l.qbo_id
WHERE l.entity IN ('BillPayment', 'Payment') AND NOT p.voided
