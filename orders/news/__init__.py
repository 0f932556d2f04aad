"""Order news: an SMS to the buyer when an order moves on, if the merchant turned that news on (R9)."""
