WITH links AS (
    SELECT l.business_id, l.linked_type AS entity, l.linked_id AS qbo_id, p.txn_date AS paid_on, p.amount_cents > 0 AS by_money
    FROM {lines} l JOIN {transactions} p
        ON p.business_id = l.business_id AND p.entity = l.entity AND p.qbo_id = l.qbo_id
    WHERE ((l.entity = 'Payment' AND l.linked_type = 'Invoice') OR (l.entity = 'BillPayment' AND l.linked_type = 'Bill'))
        AND l.amount_cents <> 0 AND NOT p.voided AND p.txn_date IS NOT NULL
), closed AS (
    SELECT k.business_id, k.entity, k.qbo_id, max(k.paid_on) AS closed_on,
        max(k.paid_on) FILTER (k.by_money) AS last_money_on
    FROM links k GROUP BY k.business_id, k.entity, k.qbo_id
)
SELECT t.business_id, t.entity, t.party_id, t.txn_date, coalesce(t.due_date, t.txn_date) AS due_date, c.closed_on
FROM {transactions} t JOIN closed c ON c.business_id = t.business_id AND c.entity = t.entity AND c.qbo_id = t.qbo_id
WHERE t.entity IN ('Bill', 'Invoice') AND NOT t.voided AND t.balance_cents = 0 AND t.total_cents > 0
    AND c.closed_on = c.last_money_on AND c.closed_on >= $since
ORDER BY t.business_id, t.entity, c.closed_on, t.party_id, due_date, t.txn_date
