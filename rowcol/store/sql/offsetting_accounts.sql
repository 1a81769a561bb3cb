WITH used AS (
    SELECT DISTINCT l.business_id, l.linked_id,
        coalesce(list_extract($names::VARCHAR[], list_position($aliases::VARCHAR[], l.linked_type)), l.linked_type) AS entity
    FROM {lines} l WHERE l.entity IN ('BillPayment', 'Payment')
        AND l.linked_type NOT IN ('Bill', 'Invoice', 'CreditMemo', 'VendorCredit')
)
SELECT l.business_id, l.entity, l.qbo_id, (l.posting = 'Debit') = (l.home_cents > 0) AS debit, coalesce(l.account_id, '') AS account_id,
    CAST(sum(abs(l.home_cents)) AS BIGINT) AS cents
FROM {lines} l JOIN used u ON u.business_id = l.business_id AND u.entity = l.entity AND u.linked_id = l.qbo_id
WHERE l.entity = 'JournalEntry' AND l.home_cents <> 0
GROUP BY l.business_id, l.entity, l.qbo_id, debit, coalesce(l.account_id, '')
UNION ALL
SELECT t.business_id, t.entity, t.qbo_id, t.entity = 'Deposit', coalesce(t.account_id, ''), 1
FROM {transactions} t JOIN used u ON u.business_id = t.business_id AND u.entity = t.entity AND u.linked_id = t.qbo_id
WHERE t.entity IN ('Deposit', 'Purchase')
ORDER BY 1, 2, 3, 4, 5
