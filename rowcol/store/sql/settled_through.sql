WITH mixed AS (
    SELECT l.business_id, l.entity, l.qbo_id FROM {lines} l WHERE l.entity IN ('BillPayment', 'Payment')
        AND l.linked_type <> CASE l.entity WHEN 'Payment' THEN 'Invoice' ELSE 'Bill' END
), settled AS (
    SELECT l.business_id, l.linked_type AS entity, p.account_id, greatest(p.txn_date, d.txn_date) AS on_day,
        CAST(round(l.amount_cents * CAST(coalesce(d.exchange_rate, '1') AS DECIMAL(18, 8))) AS BIGINT) AS cents
    FROM {lines} l JOIN {transactions} p ON p.business_id = l.business_id AND p.entity = l.entity AND p.qbo_id = l.qbo_id
    JOIN {transactions} d ON d.business_id = l.business_id AND d.entity = l.linked_type AND d.qbo_id = l.linked_id
    ANTI JOIN mixed m ON m.business_id = l.business_id AND m.entity = l.entity AND m.qbo_id = l.qbo_id
    WHERE ((l.entity = 'Payment' AND l.linked_type = 'Invoice') OR (l.entity = 'BillPayment' AND l.linked_type = 'Bill'))
        AND NOT p.voided
    UNION ALL
    SELECT t.business_id, t.entity, t.deposit_account_id, t.txn_date,
        CAST(round(t.deposit_cents * CAST(coalesce(t.exchange_rate, '1') AS DECIMAL(18, 8))) AS BIGINT)
    FROM {transactions} t WHERE t.entity = 'Invoice' AND NOT t.voided AND t.deposit_cents <> 0
)
SELECT s.business_id, CASE s.entity WHEN 'Invoice' THEN 'ar' ELSE 'ap' END AS side, coalesce(s.account_id, '') AS account_id,
    s.on_day, CAST(sum(s.cents) AS BIGINT) AS cents
FROM settled s WHERE s.on_day >= $since GROUP BY s.business_id, s.entity, s.account_id, s.on_day
HAVING sum(s.cents) <> 0 ORDER BY s.business_id, side, s.account_id, s.on_day
