"""What items measure and how able systems are: item response theory for few systems and many items, and for the reverse."""
