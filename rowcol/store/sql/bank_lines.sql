WITH bank AS (
    SELECT a.business_id, a.qbo_id AS account_id FROM {balances} a
    WHERE a.account_type = 'Bank'
), coded AS (
    SELECT l.business_id, l.entity, l.qbo_id FROM {lines} l
    JOIN bank b ON b.business_id = l.business_id AND b.account_id = l.account_id
    WHERE l.entity IN ('Purchase', 'Deposit', 'JournalEntry', 'Bill', 'VendorCredit')
), touching AS (
    SELECT t.business_id, t.entity, t.qbo_id FROM {transactions} t
    WHERE NOT t.voided AND t.txn_date >= $payees_since
        AND (t.txn_date >= $since OR t.party_id IS NOT NULL OR t.cash_back_cents <> 0
            OR (t.business_id, t.entity, t.qbo_id) IN (SELECT c.business_id, c.entity, c.qbo_id FROM coded c))
        AND t.entity IN ('Purchase', 'Deposit', 'JournalEntry', 'Bill', 'VendorCredit') AND (
        (t.business_id, t.account_id) IN (SELECT b.business_id, b.account_id FROM bank b)
        OR (t.business_id, t.other_account_id) IN (SELECT b.business_id, b.account_id FROM bank b)
        OR (t.business_id, t.cash_back_account_id) IN (SELECT b.business_id, b.account_id FROM bank b)
        OR (t.business_id, t.entity, t.qbo_id) IN (SELECT c.business_id, c.entity, c.qbo_id FROM coded c)
    )
)
SELECT l.business_id, l.entity, l.qbo_id, l.line_number, l.home_cents, l.account_id, l.posting, l.linked_type
FROM {lines} l JOIN touching d ON d.business_id = l.business_id AND d.entity = l.entity AND d.qbo_id = l.qbo_id
WHERE l.entity IN ('Purchase', 'Deposit', 'JournalEntry', 'Bill', 'VendorCredit')
ORDER BY l.business_id, l.entity, l.qbo_id, l.line_number
