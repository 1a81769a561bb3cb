WITH counted AS (
    SELECT t.* FROM {transactions} t
    WHERE t.entity IN ('Bill', 'Invoice') AND NOT t.voided
), opened AS (
    SELECT c.*, o.as_of FROM counted c JOIN opened_at o
        ON o.business_id = c.business_id AND o.entity = c.entity AND o.qbo_id = c.qbo_id
), alike AS (
    SELECT o.business_id, o.entity, o.party_id, o.amount_cents, TRUE AS alike FROM opened o
    GROUP BY o.business_id, o.entity, o.party_id, o.amount_cents
), repeated AS (
    -- Numbers that two bills of one amount have: their vendor's bills of that number may be a series.
    SELECT DISTINCT n.business_id, n.party_id, n.number FROM (
        SELECT c.business_id, c.party_id, c.amount_cents,
            regexp_replace(upper(c.doc_number), '[^\p{L}\p{N}]', '', 'g') AS number
        FROM counted c SEMI JOIN alike USING (business_id, entity, party_id, amount_cents)
        WHERE c.entity = 'Bill' AND c.doc_number IS NOT NULL) n
    GROUP BY n.business_id, n.party_id, n.amount_cents, n.number HAVING count(*) > 1
), series AS (
    SELECT n.business_id, n.entity, n.qbo_id, TRUE AS series FROM (
        SELECT c.business_id, c.entity, c.qbo_id, c.party_id,
            regexp_replace(upper(c.doc_number), '[^\p{L}\p{N}]', '', 'g') AS number
        FROM counted c SEMI JOIN repeated USING (business_id, party_id)
        WHERE c.entity = 'Bill') n
    SEMI JOIN repeated USING (business_id, party_id, number)
), wanted AS (
    SELECT m.*, o.as_of FROM counted m
    LEFT JOIN alike a
        ON a.business_id = m.business_id AND a.entity = m.entity AND a.party_id = m.party_id AND a.amount_cents = m.amount_cents
    LEFT JOIN series s ON s.business_id = m.business_id AND s.entity = m.entity AND s.qbo_id = m.qbo_id
    LEFT JOIN opened_at o ON o.business_id = m.business_id AND o.entity = m.entity AND o.qbo_id = m.qbo_id
    WHERE m.balance_cents > 0 OR coalesce(m.amount_cents, 0) <= 0 OR a.alike OR s.series OR o.as_of IS NOT NULL
), touched AS (
    SELECT w.business_id, w.entity, w.qbo_id, count(*) AS lines FROM {lines} l JOIN wanted w
        ON w.business_id = l.business_id AND w.entity = l.entity AND w.qbo_id = l.qbo_id
    WHERE l.amount_cents <> 0 AND coalesce(w.amount_cents, 0) <= 0
    GROUP BY w.business_id, w.entity, w.qbo_id
), payers AS (
    SELECT o.business_id, o.qbo_id, o.as_of, l.qbo_id AS payment_id FROM {lines} l JOIN opened o
        ON o.business_id = l.business_id AND o.entity = l.linked_type AND o.qbo_id = l.linked_id
    WHERE l.entity = 'Payment' AND l.linked_type = 'Invoice'
    UNION ALL
    SELECT k.business_id, k.qbo_id, k.as_of, substr(k.link, 9) FROM (
        SELECT o.business_id, o.qbo_id, o.as_of, unnest(string_split(o.linked, ',')) AS link FROM opened o
        WHERE o.entity = 'Invoice' AND o.linked LIKE '%Payment:%') k
    WHERE k.link LIKE 'Payment:%'
), paid AS (
    -- A payment dated after the day is none yet; one that the mirror lacks is believed.
    SELECT p.business_id, p.qbo_id, count(*) AS payments FROM payers p LEFT JOIN {transactions} t
        ON t.business_id = p.business_id AND t.entity = 'Payment' AND t.qbo_id = p.payment_id
    WHERE coalesce(t.txn_date, p.as_of) <= p.as_of AND NOT coalesce(t.voided, FALSE)
    GROUP BY p.business_id, p.qbo_id
)
SELECT w.business_id, w.entity, w.qbo_id, w.txn_date, w.due_date, w.doc_number, w.party_kind, w.party_id, w.party_name,
    w.currency, w.amount_cents, w.total_cents, w.balance_cents, w.email_status, w.bill_email, w.delivered_at,
    w.created_at, t.lines IS NOT NULL AS charged,
    w.entity = 'Invoice' AND (p.payments IS NOT NULL OR w.deposit_cents > 0) AS has_payment
FROM wanted w
LEFT JOIN touched t ON t.business_id = w.business_id AND t.entity = w.entity AND t.qbo_id = w.qbo_id
LEFT JOIN paid p ON p.business_id = w.business_id AND p.qbo_id = w.qbo_id
ORDER BY w.business_id, w.entity, w.qbo_id
