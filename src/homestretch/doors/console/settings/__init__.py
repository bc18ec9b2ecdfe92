"""Settings: what an owner sets up and a dispatcher keeps. Each section is a module: what it shows, and its acts."""
