WITH days AS (
    SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($days::DATE[]) AS day
), wanted AS (
    SELECT a.business_id, a.qbo_id AS account_id FROM {balances} a
    WHERE a.account_type IN ('Bank', 'Credit Card') OR a.account_sub_type = 'UndepositedFunds'
), funds AS (
    -- Where money received goes if its document does not say.
    SELECT a.business_id, min(a.qbo_id) AS account_id FROM {balances} a
    WHERE a.account_sub_type = 'UndepositedFunds' AND a.active GROUP BY a.business_id
), touched AS (
    SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, t.account_id, t.other_account_id, t.credit, t.total_cents,
        t.cash_back_account_id, t.cash_back_cents, t.exchange_rate, t.deposit_account_id, t.deposit_cents,
        f.account_id AS funds_id, c.qbo_id IS NOT NULL AS changed
    FROM {transactions} t JOIN days d ON d.business_id = t.business_id
    LEFT JOIN changed_documents c ON c.business_id = t.business_id AND c.entity = t.entity AND c.qbo_id = t.qbo_id
    LEFT JOIN funds f ON f.business_id = t.business_id
    WHERE NOT t.voided AND (t.txn_date > d.day OR c.qbo_id IS NOT NULL)
), posted AS (
    SELECT d.business_id, d.entity, d.qbo_id, d.account_id, d.total_cents * CASE
        WHEN d.entity = 'Deposit' OR (d.entity = 'Purchase' AND d.credit) THEN 1 ELSE -1 END AS debit_cents
    FROM touched d
    WHERE d.entity IN ('Deposit', 'Purchase', 'BillPayment', 'Transfer', 'CreditCardPayment')
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, coalesce(d.account_id, d.funds_id),
        CASE d.entity WHEN 'RefundReceipt' THEN -d.total_cents ELSE d.total_cents END
    FROM touched d WHERE d.entity IN ('Payment', 'SalesReceipt', 'RefundReceipt')
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, coalesce(d.deposit_account_id, d.funds_id),
        CASE WHEN d.exchange_rate IS NULL THEN d.deposit_cents
        ELSE round(d.deposit_cents * d.exchange_rate::DECIMAL(18, 9))::BIGINT END
    FROM touched d WHERE d.entity = 'Invoice' AND d.deposit_cents <> 0
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, d.other_account_id, d.total_cents
    FROM touched d WHERE d.entity IN ('Transfer', 'CreditCardPayment')
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, d.cash_back_account_id, d.cash_back_cents FROM touched d
    WHERE d.cash_back_cents <> 0
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id,
        coalesce(l.account_id, CASE WHEN l.entity = 'Deposit' AND l.linked_id IS NOT NULL THEN d.funds_id END),
        l.home_cents * CASE
            WHEN l.entity = 'JournalEntry' THEN CASE l.posting WHEN 'Debit' THEN 1 ELSE -1 END
            WHEN l.entity IN ('Deposit', 'VendorCredit') OR (l.entity = 'Purchase' AND d.credit) THEN -1
            ELSE 1 END
    FROM {lines} l JOIN touched d ON d.business_id = l.business_id AND d.entity = l.entity AND d.qbo_id = l.qbo_id
    WHERE l.entity IN ('JournalEntry', 'Deposit', 'VendorCredit', 'Purchase', 'Bill')
), sums AS (
    SELECT p.business_id, p.entity, p.qbo_id, p.account_id, sum(p.debit_cents)::BIGINT AS debit_cents
    FROM posted p JOIN wanted w ON w.business_id = p.business_id AND w.account_id = p.account_id
    GROUP BY p.business_id, p.entity, p.qbo_id, p.account_id HAVING sum(p.debit_cents) <> 0
)
SELECT s.business_id, s.entity, s.qbo_id, s.account_id, t.txn_date, s.debit_cents, t.changed
FROM sums s JOIN touched t ON t.business_id = s.business_id AND t.entity = s.entity AND t.qbo_id = s.qbo_id
ORDER BY s.business_id, s.entity, s.qbo_id, s.account_id
