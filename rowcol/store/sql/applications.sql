WITH links AS (
    SELECT l.business_id, l.entity, l.qbo_id, l.line_number, coalesce(l.amount_cents, 0) AS amount_cents, l.linked_type,
        l.linked_id, l.linked_line_id,
        coalesce(list_extract($names::VARCHAR[], list_position($aliases::VARCHAR[], l.linked_type)), l.linked_type) AS linked_entity
    FROM {lines} l WHERE l.entity IN ('BillPayment', 'Payment') AND l.linked_id IS NOT NULL
), paid AS (
    SELECT l.business_id, l.entity, l.qbo_id, sum(l.amount_cents) AS linked_cents,
        count(*) FILTER (l.linked_type IS DISTINCT FROM CASE l.entity WHEN 'Payment' THEN 'Invoice' ELSE 'Bill' END) AS elsewhere
    FROM {lines} l WHERE l.entity IN ('BillPayment', 'Payment') GROUP BY l.business_id, l.entity, l.qbo_id
), unstated AS (
    SELECT t.business_id, t.entity, t.qbo_id FROM {transactions} t
    WHERE t.entity IN ('Bill', 'Invoice', 'VendorCredit', 'CreditMemo') AND t.balance_cents IS NULL
), payers AS (
    SELECT t.business_id, t.entity, t.qbo_id, t.party_kind, t.party_id, t.currency, t.txn_date, t.created_at,
        t.amount_cents, t.account_id, p.elsewhere > 0
        OR CASE t.entity WHEN 'Payment' THEN t.unapplied_cents IS NULL ELSE t.amount_cents IS DISTINCT FROM p.linked_cents END
        OR (t.business_id, t.entity, t.qbo_id) IN (SELECT k.business_id, k.entity, k.qbo_id FROM later_links k) AS every_line
    FROM {transactions} t JOIN paid p ON p.business_id = t.business_id AND p.entity = t.entity AND p.qbo_id = t.qbo_id
    WHERE t.entity IN ('BillPayment', 'Payment') AND NOT t.voided
)
SELECT k.business_id, k.entity, k.qbo_id, k.line_number, p.party_kind, p.party_id, p.currency, p.account_id, k.amount_cents,
    k.linked_type, k.linked_id, k.linked_line_id, k.linked_entity, p.amount_cents AS paid_cents, p.txn_date AS paid_on,
    p.created_at AS paid_created_at, d.txn_date AS linked_on, d.created_at AS linked_created_at, d.exchange_rate AS linked_rate
FROM links k JOIN payers p ON p.business_id = k.business_id AND p.entity = k.entity AND p.qbo_id = k.qbo_id
LEFT JOIN {transactions} d ON d.business_id = k.business_id AND d.entity = k.linked_entity AND d.qbo_id = k.linked_id
WHERE p.every_line OR (k.business_id, k.linked_entity, k.linked_id) IN (SELECT u.business_id, u.entity, u.qbo_id FROM unstated u)
ORDER BY k.business_id, k.entity, k.qbo_id, k.line_number
