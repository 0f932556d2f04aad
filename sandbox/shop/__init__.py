"""The store as a buyer sees it: goods, an order form, and a word of thanks."""
