SELECT l.business_id, l.entity, l.qbo_id, l.line_number, l.home_cents, l.account_id, l.posting, l.linked_type
FROM {lines} l SEMI JOIN bank_transactions t ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
WHERE l.entity IN ('Purchase', 'Deposit', 'JournalEntry', 'Bill', 'VendorCredit')
ORDER BY l.business_id, l.entity, l.qbo_id, l.line_number
