WITH counted AS (
    SELECT t.* FROM {transactions} t
    WHERE t.entity IN ('Bill', 'Invoice') AND NOT t.voided
), alike AS (
    SELECT m.business_id, m.entity, m.party_id, m.amount_cents, TRUE AS alike FROM counted m WHERE m.balance_cents > 0
    GROUP BY m.business_id, m.entity, m.party_id, m.amount_cents
), wanted AS (
    SELECT m.* FROM counted m LEFT JOIN alike a
        ON a.business_id = m.business_id AND a.entity = m.entity AND a.party_id = m.party_id AND a.amount_cents = m.amount_cents
    WHERE m.balance_cents > 0 OR coalesce(m.amount_cents, 0) <= 0 OR a.alike
), touched AS (
    SELECT w.business_id, w.entity, w.qbo_id, count(*) AS lines FROM {lines} l JOIN wanted w
        ON w.business_id = l.business_id AND w.entity = l.entity AND w.qbo_id = l.qbo_id
    WHERE l.amount_cents <> 0 AND coalesce(w.amount_cents, 0) <= 0
    GROUP BY w.business_id, w.entity, w.qbo_id
), paid AS (
    SELECT w.business_id, w.entity, w.qbo_id, count(*) AS payments FROM {lines} l JOIN wanted w
        ON w.business_id = l.business_id AND w.entity = l.linked_type AND w.qbo_id = l.linked_id
    WHERE l.entity = 'Payment' AND l.linked_type = 'Invoice' AND w.balance_cents > 0
    GROUP BY w.business_id, w.entity, w.qbo_id
)
SELECT w.business_id, w.entity, w.qbo_id, w.txn_date, w.due_date, w.doc_number, w.party_kind, w.party_id, w.party_name,
    w.currency, w.amount_cents, w.total_cents, w.balance_cents, w.email_status, w.bill_email, w.delivered_at,
    w.created_at, t.lines IS NOT NULL AS charged,
    w.entity = 'Invoice' AND (p.payments IS NOT NULL OR w.linked LIKE '%Payment:%') AS has_payment
FROM wanted w
LEFT JOIN touched t ON t.business_id = w.business_id AND t.entity = w.entity AND t.qbo_id = w.qbo_id
LEFT JOIN paid p ON p.business_id = w.business_id AND p.entity = w.entity AND p.qbo_id = w.qbo_id
ORDER BY w.business_id, w.entity, w.qbo_id
