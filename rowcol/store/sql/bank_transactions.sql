WITH bank AS (
    SELECT a.business_id, a.qbo_id AS account_id FROM {balances} a
    WHERE a.account_type = 'Bank'
), coded AS (
    SELECT DISTINCT l.business_id, l.entity, l.qbo_id, TRUE AS coded FROM {lines} l
    SEMI JOIN bank b ON b.business_id = l.business_id AND b.account_id = l.account_id
)
SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, t.account_id, t.other_account_id, t.credit, t.total_cents,
    t.cash_back_account_id, t.cash_back_cents, t.linked, t.party_kind, t.party_id, t.party_name,
    t.deposit_account_id, t.deposit_cents, t.exchange_rate, t.created_at
FROM {transactions} t
LEFT JOIN coded c ON c.business_id = t.business_id AND c.entity = t.entity AND c.qbo_id = t.qbo_id
WHERE NOT t.voided AND t.txn_date >= $payees_since
    AND (t.txn_date >= $since OR c.coded OR t.entity = 'Transfer' OR t.cash_back_cents <> 0
        OR (t.party_id IS NOT NULL AND t.entity NOT IN ('Payment', 'SalesReceipt', 'Invoice')))
    AND (c.coded
        OR (t.business_id, t.account_id) IN (SELECT b.business_id, b.account_id FROM bank b)
        OR (t.business_id, t.other_account_id) IN (SELECT b.business_id, b.account_id FROM bank b)
        OR (t.business_id, t.cash_back_account_id) IN (SELECT b.business_id, b.account_id FROM bank b)
        OR (t.deposit_cents <> 0 AND (t.business_id, t.deposit_account_id) IN (SELECT b.business_id, b.account_id FROM bank b)))
