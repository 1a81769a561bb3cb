WITH clearing AS (
    SELECT a.business_id, a.qbo_id AS account_id FROM {balances} a
    WHERE (
        regexp_matches(upper(a.name), 'CLEARING|SUSPENSE|OPENING BALANCE EQUITY')
        OR a.account_sub_type = 'OpeningBalanceEquity')
), dated AS (
    SELECT t.* FROM {transactions} t
    WHERE NOT t.voided AND t.txn_date >= $since
), posted AS (
    SELECT d.business_id, d.account_id, d.txn_date, d.total_cents * CASE
        WHEN d.entity IN ('Payment', 'SalesReceipt', 'Deposit') THEN 1
        WHEN d.entity = 'Purchase' AND d.credit THEN 1
        ELSE -1 END AS debit_cents
    FROM dated d
    WHERE d.entity IN ('Payment', 'SalesReceipt', 'Deposit', 'Purchase', 'BillPayment', 'RefundReceipt', 'Transfer',
        'CreditCardPayment')
    UNION ALL
    SELECT d.business_id, d.other_account_id, d.txn_date, d.total_cents FROM dated d
    UNION ALL
    SELECT d.business_id, d.cash_back_account_id, d.txn_date, d.cash_back_cents FROM dated d
    UNION ALL
    SELECT d.business_id, l.account_id, d.txn_date, l.home_cents * CASE
        WHEN l.entity = 'JournalEntry' THEN CASE l.posting WHEN 'Debit' THEN 1 ELSE -1 END
        WHEN l.entity IN ('Deposit', 'VendorCredit') OR (l.entity = 'Purchase' AND d.credit) THEN -1
        ELSE 1 END
    FROM (SELECT * FROM {lines} l SEMI JOIN clearing c ON c.business_id = l.business_id AND c.account_id = l.account_id) l
    JOIN dated d
        ON d.business_id = l.business_id AND d.entity = l.entity AND d.qbo_id = l.qbo_id
    WHERE l.entity IN ('JournalEntry', 'Deposit', 'VendorCredit', 'Purchase', 'Bill')
)
SELECT p.business_id, p.account_id, p.txn_date, sum(p.debit_cents)::BIGINT AS debit_cents
FROM posted p JOIN clearing c
    ON c.business_id = p.business_id AND c.account_id = p.account_id
GROUP BY p.business_id, p.account_id, p.txn_date HAVING sum(p.debit_cents) <> 0
ORDER BY p.business_id, p.account_id, p.txn_date
