-- The server runs this in the database that MYSQL_DATABASE names, once, when it starts with no data.
CREATE TABLE users (
    id INT AUTO_INCREMENT PRIMARY KEY,
    first_name VARCHAR(30) NOT NULL,
    last_name VARCHAR(30) NOT NULL,
    email VARCHAR(150) NOT NULL UNIQUE
);

INSERT INTO users (first_name, last_name, email) VALUES
    ('Ada', 'Lovelace', 'ada@example.com'),
    ('Grace', 'Hopper', 'grace@example.com'),
    ('Edsger', 'Dijkstra', 'edsger@example.com');
