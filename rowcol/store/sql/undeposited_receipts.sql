WITH put AS (
    SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, t.created_at, t.doc_number, t.party_kind, t.party_id, t.party_name, t.linked,
        CASE t.entity WHEN 'Invoice' THEN t.deposit_account_id ELSE t.account_id END AS account_id,
        CASE t.entity
            WHEN 'Invoice' THEN CAST(round(t.deposit_cents * CAST(coalesce(t.exchange_rate, '1') AS DECIMAL(18, 9))) AS BIGINT)
            WHEN 'RefundReceipt' THEN -t.total_cents
            ELSE t.total_cents END AS total_cents
    FROM {transactions} t
    WHERE t.entity IN ('Payment', 'SalesReceipt', 'RefundReceipt', 'Invoice') AND NOT t.voided AND t.txn_date IS NOT NULL
        AND (t.entity <> 'Invoice' OR t.deposit_cents <> 0)
), waiting AS (
    SELECT p.*, regexp_extract(p.linked, '(?:^|,)Deposit:([^,]+)', 1) AS deposit_id
    FROM put p LEFT JOIN {balances} a ON a.business_id = p.business_id AND a.qbo_id = p.account_id
    WHERE p.total_cents <> 0 AND (p.account_id IS NULL OR a.account_sub_type = 'UndepositedFunds')
), taken AS (
    SELECT l.business_id, l.linked_type AS entity, l.linked_id AS qbo_id, l.qbo_id AS deposit_id, NULL AS txn_date
    FROM {lines} l WHERE l.entity = 'Deposit' AND l.linked_id IS NOT NULL
    UNION ALL
    SELECT w.business_id, w.entity, w.qbo_id, w.deposit_id, w.txn_date FROM waiting w WHERE w.deposit_id <> ''
), deposited AS (
    -- A deposit that the mirror lacks is believed to be of the receipt's own day.
    SELECT k.business_id, k.entity, k.qbo_id, min(coalesce(d.txn_date, k.txn_date)) AS deposited_on,
        min(d.created_at) AS deposit_created_at
    FROM taken k LEFT JOIN {transactions} d
        ON d.business_id = k.business_id AND d.entity = 'Deposit' AND d.qbo_id = k.deposit_id
    WHERE d.voided IS NOT TRUE GROUP BY k.business_id, k.entity, k.qbo_id
)
SELECT w.business_id, w.entity, w.qbo_id, w.txn_date, w.created_at, w.doc_number, w.party_kind, w.party_id, w.party_name,
    w.total_cents, w.account_id, t.deposited_on, t.deposit_created_at
FROM waiting w LEFT JOIN deposited t ON t.business_id = w.business_id AND t.entity = w.entity AND t.qbo_id = w.qbo_id
WHERE t.qbo_id IS NULL OR t.deposited_on > $day
ORDER BY w.business_id, w.txn_date, w.entity, w.qbo_id
