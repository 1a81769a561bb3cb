WITH linked AS (
    SELECT k.business_id, k.entity, k.qbo_id FROM application_lines k WHERE k.later OR k.entity = 'BillPayment'
    UNION
    SELECT k.business_id, k.linked_entity, k.linked_id FROM application_lines k WHERE k.later
    UNION
    SELECT t.business_id, t.entity, t.qbo_id FROM {transactions} t
    ANTI JOIN (SELECT l.business_id, l.qbo_id FROM payment_lines l WHERE l.entity = 'BillPayment') l
        ON l.business_id = t.business_id AND l.qbo_id = t.qbo_id
    WHERE t.entity = 'BillPayment' AND NOT t.voided
), documents AS NOT MATERIALIZED (
    SELECT t.business_id, t.entity, t.qbo_id, t.doc_number, t.txn_date, t.due_date, t.party_kind, t.party_id, t.party_name,
        t.currency, t.exchange_rate, t.amount_cents, t.unapplied_cents, t.total_cents, t.balance_cents, t.open_cents,
        t.deposit_cents, t.created_at, CASE
            WHEN t.entity IN ('Bill', 'Invoice') THEN t.balance_cents > 0 OR t.balance_cents IS NULL
            WHEN t.entity IN ('VendorCredit', 'CreditMemo') THEN t.balance_cents IS DISTINCT FROM 0
            ELSE t.entity = 'Payment' AND t.unapplied_cents IS DISTINCT FROM 0 END AS stated
    FROM {transactions} t
    WHERE NOT t.voided AND t.entity IN ('Bill', 'Invoice', 'VendorCredit', 'CreditMemo', 'Payment', 'BillPayment')
), wanted AS (
    SELECT d.* FROM documents d WHERE d.stated
    UNION ALL
    SELECT d.* FROM documents d SEMI JOIN linked k ON k.business_id = d.business_id AND k.entity = d.entity AND k.qbo_id = d.qbo_id
    WHERE NOT d.stated
)
SELECT w.* EXCLUDE (stated) FROM wanted w ORDER BY w.business_id, w.entity, w.qbo_id
