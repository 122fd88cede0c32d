/**
 * A practice that reminds people of their appointments.
 */
@NullMarked
package com.example.appointments;

import org.jspecify.annotations.NullMarked;
