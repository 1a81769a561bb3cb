WITH paid AS (
    SELECT l.business_id, l.entity, l.qbo_id, sum(l.amount_cents) AS linked_cents,
        count(*) FILTER (l.linked_type IS DISTINCT FROM 'Bill') AS elsewhere
    FROM {lines} l WHERE l.entity = 'BillPayment'
    GROUP BY l.business_id, l.entity, l.qbo_id
), touched AS (
    SELECT k.business_id, k.entity, k.qbo_id FROM later_links k
    UNION
    SELECT k.business_id, k.linked_entity, k.linked_id FROM later_links k
)
SELECT t.business_id, t.entity, t.qbo_id, t.doc_number, t.txn_date, t.due_date, t.party_kind, t.party_id, t.party_name,
    t.currency, t.exchange_rate, t.amount_cents, t.unapplied_cents, t.total_cents, t.balance_cents, t.open_cents, t.deposit_cents,
    t.created_at
FROM {transactions} t LEFT JOIN paid p
    ON p.business_id = t.business_id AND p.entity = t.entity AND p.qbo_id = t.qbo_id
WHERE NOT t.voided AND t.entity IN ('Bill', 'Invoice', 'VendorCredit', 'CreditMemo', 'Payment', 'BillPayment') AND (
    (t.entity IN ('Bill', 'Invoice') AND (t.balance_cents > 0 OR t.balance_cents IS NULL))
    OR (t.entity IN ('VendorCredit', 'CreditMemo') AND t.balance_cents IS DISTINCT FROM 0)
    OR (t.entity = 'Payment' AND t.unapplied_cents IS DISTINCT FROM 0)
    OR (t.entity = 'BillPayment' AND (p.qbo_id IS NULL OR p.elsewhere > 0 OR p.linked_cents IS DISTINCT FROM t.amount_cents))
    OR (t.business_id, t.entity, t.qbo_id) IN (SELECT x.business_id, x.entity, x.qbo_id FROM touched x)
)
ORDER BY t.business_id, t.entity, t.qbo_id
