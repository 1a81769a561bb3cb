WITH targets AS (
    SELECT t.business_id, t.entity, t.qbo_id, t.txn_date FROM {transactions} t
), applied AS (
    SELECT l.business_id, l.entity, l.qbo_id, l.line_number, p.party_kind, p.party_id, p.currency,
        coalesce(l.amount_cents, 0) AS amount_cents, l.linked_type, l.linked_id, l.linked_line_id, p.txn_date AS paid_on,
        coalesce(list_extract($names::VARCHAR[], list_position($aliases::VARCHAR[], l.linked_type)), l.linked_type) AS linked_entity
    FROM {lines} l JOIN {transactions} p
        ON p.business_id = l.business_id AND p.entity = l.entity AND p.qbo_id = l.qbo_id
    WHERE l.entity IN ('Payment', 'BillPayment') AND l.linked_id IS NOT NULL AND NOT p.voided
)
SELECT a.business_id, a.entity, a.qbo_id, a.line_number, a.party_kind, a.party_id, a.currency, a.amount_cents, a.linked_type,
    a.linked_id, a.linked_line_id, greatest(a.paid_on, t.txn_date) AS applied_on
FROM applied a LEFT JOIN targets t
    ON t.business_id = a.business_id AND t.entity = a.linked_entity AND t.qbo_id = a.linked_id
ORDER BY a.business_id, a.entity, a.qbo_id, a.line_number
