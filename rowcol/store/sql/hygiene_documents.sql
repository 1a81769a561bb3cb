WITH counted AS NOT MATERIALIZED (
    SELECT t.business_id, t.entity, t.qbo_id, t.party_id, t.amount_cents, t.balance_cents,
        CASE t.entity WHEN 'Bill' THEN t.doc_number END AS doc_number
    FROM {transactions} t
    WHERE t.entity IN ('Bill', 'Invoice') AND NOT t.voided
), alike AS (
    SELECT DISTINCT o.business_id, o.entity, o.party_id, o.amount_cents, TRUE AS alike FROM opened_documents o
), matched AS MATERIALIZED (
    SELECT c.*, a.alike FROM counted c LEFT JOIN alike a
        ON a.business_id = c.business_id AND a.entity = c.entity AND a.party_id = c.party_id AND a.amount_cents = c.amount_cents
    WHERE c.balance_cents > 0 OR coalesce(c.amount_cents, 0) <= 0 OR a.alike
), repeated AS (
    -- Numbers that two bills of one amount have: their vendor's bills of that number may be a series.
    SELECT DISTINCT n.business_id, n.party_id, n.number FROM (
        SELECT m.business_id, m.party_id, m.amount_cents,
            regexp_replace(upper(m.doc_number), '[^\p{L}\p{N}]', '', 'g') AS number
        FROM matched m WHERE m.alike AND m.doc_number IS NOT NULL) n
    GROUP BY n.business_id, n.party_id, n.amount_cents, n.number HAVING count(*) > 1
), series AS (
    SELECT n.business_id, n.entity, n.qbo_id FROM (
        SELECT c.business_id, c.entity, c.qbo_id, c.party_id,
            regexp_replace(upper(c.doc_number), '[^\p{L}\p{N}]', '', 'g') AS number
        FROM counted c SEMI JOIN repeated USING (business_id, party_id)
        WHERE c.entity = 'Bill') n
    SEMI JOIN repeated USING (business_id, party_id, number)
), wanted AS (
    SELECT m.business_id, m.entity, m.qbo_id FROM matched m
    UNION ALL
    SELECT o.business_id, o.entity, o.qbo_id FROM opened_documents o
    UNION ALL
    SELECT s.business_id, s.entity, s.qbo_id FROM series s
), touched AS (
    SELECT DISTINCT l.business_id, l.entity, l.qbo_id FROM {lines} l
    SEMI JOIN (SELECT m.business_id, m.entity, m.qbo_id FROM matched m WHERE coalesce(m.amount_cents, 0) <= 0) n
        ON n.business_id = l.business_id AND n.entity = l.entity AND n.qbo_id = l.qbo_id
    WHERE l.amount_cents <> 0
), paid AS (
    -- A payment dated after the day is none yet.
    SELECT o.business_id, o.qbo_id, count(*) FILTER (k.paid_on IS NULL OR k.paid_on <= o.as_of) AS payments
    FROM payment_lines k JOIN opened_at o ON o.business_id = k.business_id AND o.entity = k.linked_entity AND o.qbo_id = k.linked_id
    WHERE k.entity = 'Payment' AND k.linked_entity = 'Invoice' GROUP BY o.business_id, o.qbo_id
)
SELECT w.business_id, w.entity, w.qbo_id, w.txn_date, w.due_date, w.doc_number, w.party_kind, w.party_id, w.party_name,
    w.currency, w.amount_cents, w.total_cents, w.balance_cents, w.email_status, w.bill_email, w.delivered_at,
    w.created_at, t.qbo_id IS NOT NULL AS charged,
    w.entity = 'Invoice' AND (w.deposit_cents > 0 OR coalesce(p.payments > 0, w.linked LIKE '%Payment:%')) AS has_payment
FROM {transactions} w
SEMI JOIN wanted k ON k.business_id = w.business_id AND k.entity = w.entity AND k.qbo_id = w.qbo_id
LEFT JOIN touched t ON t.business_id = w.business_id AND t.entity = w.entity AND t.qbo_id = w.qbo_id
LEFT JOIN paid p ON p.business_id = w.business_id AND p.qbo_id = w.qbo_id
WHERE NOT w.voided
ORDER BY w.business_id, w.entity, w.qbo_id
