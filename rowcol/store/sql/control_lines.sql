SELECT l.business_id, l.entity, l.qbo_id, l.line_number, l.line_id, l.posting, l.amount_cents, l.party_kind, l.party_id,
    l.party_name, a.account_type, t.txn_date, t.created_at, t.doc_number, t.credit, t.exchange_rate,
    t.party_kind AS header_kind, t.party_id AS header_party_id, t.party_name AS header_party_name
FROM {lines} l
JOIN {balances} a ON a.business_id = l.business_id AND a.qbo_id = l.account_id
JOIN {transactions} t
    ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
WHERE a.account_type IN ('Accounts Payable', 'Accounts Receivable') AND NOT t.voided
    AND l.entity IN ('JournalEntry', 'Deposit', 'Purchase', 'Bill', 'VendorCredit') AND l.linked_id IS NULL
    AND l.amount_cents <> 0
ORDER BY l.business_id, l.entity, l.qbo_id, l.line_number
