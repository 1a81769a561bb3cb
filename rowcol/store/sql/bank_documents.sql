SELECT t.* FROM bank_transactions t ORDER BY t.business_id, t.txn_date, t.entity, t.qbo_id
