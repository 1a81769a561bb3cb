WITH links AS (
    SELECT l.business_id, l.linked_entity AS entity, l.linked_id AS qbo_id, l.paid_on, l.paid_cents > 0 AS by_money, l.amount_cents
    FROM payment_lines l
    WHERE ((l.entity = 'Payment' AND l.linked_entity = 'Invoice') OR (l.entity = 'BillPayment' AND l.linked_entity = 'Bill'))
        AND l.amount_cents <> 0 AND l.paid_on IS NOT NULL
), closed AS (
    SELECT k.business_id, k.entity, k.qbo_id, max(k.paid_on) AS closed_on,
        max(k.paid_on) FILTER (k.by_money) AS last_money_on, sum(k.amount_cents) AS paid_cents
    FROM links k GROUP BY k.business_id, k.entity, k.qbo_id
), settled AS (
    SELECT t.business_id, t.entity, t.qbo_id, t.party_id, t.txn_date, coalesce(t.due_date, t.txn_date) AS due_date, c.closed_on
    FROM {transactions} t JOIN closed c ON c.business_id = t.business_id AND c.entity = t.entity AND c.qbo_id = t.qbo_id
    WHERE t.entity IN ('Bill', 'Invoice') AND NOT t.voided AND t.total_cents > 0 AND c.closed_on = c.last_money_on
        AND coalesce(t.balance_cents, greatest(t.amount_cents - t.deposit_cents - c.paid_cents, 0)) = 0
), reach AS (
    SELECT s.business_id, min(s.txn_date) - 365 AS since FROM settled s
    WHERE s.entity = 'Invoice' AND s.closed_on >= $held_out_since GROUP BY s.business_id
)
SELECT s.business_id, s.entity, s.qbo_id, s.party_id, s.txn_date, s.due_date, s.closed_on
FROM settled s LEFT JOIN reach r ON r.business_id = s.business_id
WHERE s.closed_on >= $since OR (s.entity = 'Invoice' AND s.closed_on >= r.since)
