WITH wanted AS (
    SELECT a.business_id, a.qbo_id AS account_id FROM {balances} a
    WHERE a.account_type IN ('Bank', 'Credit Card') OR a.account_sub_type = 'UndepositedFunds'
), posted AS (
    SELECT d.business_id, d.entity, d.qbo_id, d.txn_date, d.account_id, d.total_cents * CASE
        WHEN d.entity = 'Deposit' OR (d.entity = 'Purchase' AND d.credit) THEN 1 ELSE -1 END AS debit_cents
    FROM later_or_changed d
    WHERE d.entity IN ('Deposit', 'Purchase', 'BillPayment', 'Transfer', 'CreditCardPayment')
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, d.txn_date, coalesce(d.account_id, d.funds_id),
        CASE d.entity WHEN 'RefundReceipt' THEN -d.total_cents ELSE d.total_cents END
    FROM later_or_changed d WHERE d.entity IN ('Payment', 'SalesReceipt', 'RefundReceipt')
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, d.txn_date, coalesce(d.deposit_account_id, d.funds_id),
        CASE WHEN d.exchange_rate IS NULL THEN d.deposit_cents
        ELSE round(d.deposit_cents * d.exchange_rate::DECIMAL(18, 9))::BIGINT END
    FROM later_or_changed d WHERE d.entity = 'Invoice' AND d.deposit_cents <> 0
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, d.txn_date, d.other_account_id, d.total_cents
    FROM later_or_changed d WHERE d.entity IN ('Transfer', 'CreditCardPayment')
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, d.txn_date, d.cash_back_account_id, d.cash_back_cents FROM later_or_changed d
    WHERE d.cash_back_cents <> 0
    UNION ALL
    SELECT d.business_id, d.entity, d.qbo_id, d.txn_date,
        coalesce(l.account_id, CASE WHEN l.entity = 'Deposit' AND l.linked_id IS NOT NULL THEN d.funds_id END),
        l.home_cents * CASE
            WHEN l.entity = 'JournalEntry' THEN CASE l.posting WHEN 'Debit' THEN 1 ELSE -1 END
            WHEN l.entity IN ('Deposit', 'VendorCredit') OR (l.entity = 'Purchase' AND d.credit) THEN -1
            ELSE 1 END
    FROM {lines} l JOIN later_or_changed d ON d.business_id = l.business_id AND d.entity = l.entity AND d.qbo_id = l.qbo_id
    WHERE l.entity IN ('JournalEntry', 'Deposit', 'VendorCredit', 'Purchase', 'Bill')
)
SELECT p.business_id, p.entity, p.qbo_id, p.account_id, p.txn_date, sum(p.debit_cents)::BIGINT AS debit_cents
FROM posted p JOIN wanted w ON w.business_id = p.business_id AND w.account_id = p.account_id
GROUP BY p.business_id, p.entity, p.qbo_id, p.account_id, p.txn_date HAVING sum(p.debit_cents) <> 0
ORDER BY p.business_id, p.entity, p.qbo_id, p.account_id
