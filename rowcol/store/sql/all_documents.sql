SELECT t.business_id, t.entity, t.qbo_id, t.doc_number, t.txn_date, t.due_date, t.party_kind, t.party_id, t.party_name,
    t.currency, t.exchange_rate, t.amount_cents, t.unapplied_cents, t.total_cents, t.balance_cents
FROM {transactions} t
WHERE NOT t.voided
    AND t.entity IN ('Bill', 'Invoice', 'VendorCredit', 'CreditMemo', 'Payment', 'BillPayment')
ORDER BY t.business_id, t.entity, t.qbo_id
