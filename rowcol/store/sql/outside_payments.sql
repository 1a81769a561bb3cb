WITH wanted AS (
    SELECT DISTINCT o.business_id, o.entity, o.party_id, o.amount_cents FROM opened_documents o WHERE o.party_id IS NOT NULL
), candidates AS (
    SELECT t.business_id, t.entity, t.qbo_id, 0 AS line_number, t.txn_date, t.doc_number, t.currency, t.party_id, t.amount_cents,
        CASE t.entity WHEN 'Purchase' THEN 'Bill' ELSE 'Invoice' END AS settles
    FROM {transactions} t
    WHERE NOT t.voided AND t.txn_date IS NOT NULL AND (
            (t.entity = 'Purchase' AND t.party_kind = 'Vendor' AND NOT t.credit) OR t.entity = 'SalesReceipt')
    UNION ALL
    SELECT l.business_id, l.entity, l.qbo_id, l.line_number, t.txn_date, t.doc_number, t.currency, l.party_id, l.amount_cents,
        'Invoice' AS settles
    FROM {lines} l JOIN {transactions} t
        ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
    LEFT JOIN {balances} a
        ON a.business_id = l.business_id AND a.qbo_id = l.account_id
    WHERE l.entity = 'Deposit' AND l.party_kind = 'Customer' AND l.linked_id IS NULL AND NOT t.voided
        AND t.txn_date IS NOT NULL AND a.account_type IS DISTINCT FROM 'Accounts Receivable'
)
SELECT c.business_id, c.entity, c.qbo_id, c.line_number, c.txn_date, c.doc_number, c.currency, c.party_id, c.amount_cents,
    c.settles
FROM candidates c JOIN wanted w
    ON w.business_id = c.business_id AND w.entity = c.settles AND w.party_id = c.party_id AND w.amount_cents = c.amount_cents
ORDER BY c.business_id, c.entity, c.qbo_id, c.line_number
