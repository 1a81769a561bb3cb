WITH mixed AS (
    SELECT u.business_id, u.entity, u.qbo_id FROM payments_to_apply u WHERE u.mixed
), settled AS (
    SELECT l.business_id, l.linked_entity AS entity, l.account_id, greatest(l.paid_on, l.linked_on) AS on_day,
        CAST(round(l.amount_cents * CAST(coalesce(l.linked_rate, '1') AS DECIMAL(18, 8))) AS BIGINT) AS cents
    FROM payment_lines l ANTI JOIN mixed m ON m.business_id = l.business_id AND m.entity = l.entity AND m.qbo_id = l.qbo_id
    WHERE NOT l.voided AND l.linked_id IS NOT NULL AND greatest(l.paid_on, l.linked_on) >= $since
    UNION ALL
    SELECT t.business_id, t.entity, t.deposit_account_id, t.txn_date,
        CAST(round(t.deposit_cents * CAST(coalesce(t.exchange_rate, '1') AS DECIMAL(18, 8))) AS BIGINT)
    FROM {transactions} t WHERE t.entity = 'Invoice' AND NOT t.voided AND t.deposit_cents <> 0 AND t.txn_date >= $since
)
SELECT s.business_id, CASE s.entity WHEN 'Invoice' THEN 'ar' ELSE 'ap' END AS side, coalesce(s.account_id, '') AS account_id,
    s.on_day, CAST(sum(s.cents) AS BIGINT) AS cents
FROM settled s GROUP BY s.business_id, s.entity, s.account_id, s.on_day
HAVING sum(s.cents) <> 0 ORDER BY s.business_id, side, s.account_id, s.on_day
