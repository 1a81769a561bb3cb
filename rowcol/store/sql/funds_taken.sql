WITH funds AS (
    SELECT a.business_id, a.qbo_id AS account_id FROM {balances} a
    WHERE a.account_sub_type = 'UndepositedFunds'
), posted AS (
    SELECT l.business_id, l.entity, l.qbo_id,
        sum(CASE WHEN l.posting = 'Debit' THEN -l.home_cents ELSE l.home_cents END) AS taken_cents
    FROM {lines} l JOIN funds f ON f.business_id = l.business_id AND f.account_id = l.account_id
    WHERE l.entity = 'JournalEntry' OR (l.entity = 'Deposit' AND l.linked_type IS NULL)
    GROUP BY l.business_id, l.entity, l.qbo_id
), taken AS (
    SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, CAST(p.taken_cents AS BIGINT) AS taken_cents
    FROM {transactions} t JOIN posted p
        ON p.business_id = t.business_id AND p.entity = t.entity AND p.qbo_id = t.qbo_id
    WHERE NOT t.voided AND p.taken_cents > 0
    UNION ALL
    SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, t.total_cents
    FROM {transactions} t JOIN funds f ON f.business_id = t.business_id AND f.account_id = t.account_id
    WHERE t.entity = 'Transfer' AND NOT t.voided AND t.total_cents > 0
), taking AS (
    SELECT DISTINCT k.business_id FROM taken k
), put AS (
    SELECT t.business_id, t.txn_date,
        CASE WHEN t.entity = 'Payment' THEN t.total_cents
            ELSE round(t.deposit_cents * CAST(coalesce(t.exchange_rate, '1') AS DECIMAL(18, 9))) END AS held_cents
    FROM {transactions} t JOIN taking k ON k.business_id = t.business_id
    LEFT JOIN {balances} a ON a.business_id = t.business_id
        AND a.qbo_id = CASE WHEN t.entity = 'Payment' THEN t.account_id ELSE t.deposit_account_id END
    WHERE NOT t.voided AND (t.entity = 'Payment' OR (t.entity = 'Invoice' AND t.deposit_cents <> 0))
        AND (a.qbo_id IS NULL OR a.account_sub_type = 'UndepositedFunds')
    UNION ALL
    SELECT t.business_id, t.txn_date, -l.home_cents
    FROM {lines} l JOIN taking k ON k.business_id = l.business_id
    JOIN {transactions} t ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
    WHERE l.entity = 'Deposit' AND l.linked_type IN ('Payment', 'Invoice') AND NOT t.voided
    UNION ALL
    SELECT k.business_id, k.txn_date, 0 FROM taken k
), held AS (
    SELECT DISTINCT p.business_id, p.txn_date,
        sum(p.held_cents) OVER (PARTITION BY p.business_id ORDER BY p.txn_date RANGE UNBOUNDED PRECEDING) AS held_cents
    FROM put p
)
SELECT k.business_id, k.entity, k.qbo_id, k.txn_date, k.taken_cents, CAST(coalesce(h.held_cents, 0) AS BIGINT) AS held_cents
FROM taken k LEFT JOIN held h ON h.business_id = k.business_id AND h.txn_date = k.txn_date
ORDER BY k.business_id, k.txn_date, k.entity, k.qbo_id
