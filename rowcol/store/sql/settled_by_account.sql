WITH mixed AS (
    SELECT u.business_id, u.entity, u.qbo_id FROM payments_to_apply u WHERE u.mixed
), dated AS (
    SELECT d.business_id, d.entity, d.qbo_id, d.txn_date, d.exchange_rate FROM {transactions} d
    WHERE d.entity IN ('Bill', 'Invoice')
        AND (d.txn_date >= $first_day::DATE - $trailing_days OR d.exchange_rate IS NOT NULL)
), settled AS (
    SELECT l.business_id, l.linked_entity AS entity, l.account_id, greatest(l.paid_on, d.txn_date) AS on_day,
        CASE WHEN d.exchange_rate IS NULL THEN l.amount_cents
            ELSE CAST(round(l.amount_cents * CAST(d.exchange_rate AS DECIMAL(18, 9))) AS BIGINT) END AS cents
    FROM payment_lines l ANTI JOIN mixed m ON m.business_id = l.business_id AND m.entity = l.entity AND m.qbo_id = l.qbo_id
    LEFT JOIN dated d ON d.business_id = l.business_id AND d.entity = l.linked_entity AND d.qbo_id = l.linked_id
    WHERE l.linked_id IS NOT NULL AND greatest(l.paid_on, d.txn_date) >= $first_day::DATE - $trailing_days
    UNION ALL
    SELECT t.business_id, t.entity, t.deposit_account_id, t.txn_date,
        CASE WHEN t.exchange_rate IS NULL THEN t.deposit_cents
            ELSE CAST(round(t.deposit_cents * CAST(t.exchange_rate AS DECIMAL(18, 9))) AS BIGINT) END
    FROM {transactions} t
    WHERE t.entity = 'Invoice' AND NOT t.voided AND t.deposit_cents <> 0 AND t.txn_date >= $first_day::DATE - $trailing_days
)
SELECT s.business_id, CASE s.entity WHEN 'Invoice' THEN 'ar' ELSE 'ap' END AS side, coalesce(s.account_id, '') AS account_id,
    CASE WHEN s.on_day BETWEEN $last_day::DATE - $trailing_days AND $first_day::DATE THEN $first_day::DATE
        ELSE s.on_day END AS on_day,
    CAST(sum(s.cents) AS BIGINT) AS cents
FROM settled s GROUP BY ALL
HAVING sum(s.cents) <> 0 ORDER BY s.business_id, side, account_id, on_day
