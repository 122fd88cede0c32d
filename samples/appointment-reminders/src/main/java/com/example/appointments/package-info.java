/**
 * Reminds customers of their appointments, and shows what became of each reminder.
 */
@NullMarked
package com.example.appointments;

import org.jspecify.annotations.NullMarked;
